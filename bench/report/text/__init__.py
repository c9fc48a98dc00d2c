"""Every sentence that a reader of the page, the exports or the terminal sees."""
