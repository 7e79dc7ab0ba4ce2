"""Mappings to other vocabularies kept by hand: listed, added, reviewed and rejected in their SSSOM files."""
