"""Checks of submitted metadata in processes of their own, each with a deadline and a memory limit."""
