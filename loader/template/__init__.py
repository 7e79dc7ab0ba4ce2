"""The template that register holders fill in, made from the layouts, the shapes and the code lists."""
