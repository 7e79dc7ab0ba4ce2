"""Checks of registergraf; the folders mirror the modules."""
