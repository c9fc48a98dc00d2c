"""A first look at somebody's table: what a study of it would say, and why."""
