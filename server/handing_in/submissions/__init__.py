"""Submissions: metadata handed in by register holders, kept, decided on by stewards, and taken into releases."""
