"""The releases that this server keeps, and what differs between them."""
