"""Shapes and checks, and the findings that they give."""
