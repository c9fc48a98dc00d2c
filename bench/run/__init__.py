"""study x data x families -> predictions: the only room that splits rows and the only one that fits."""
