"""Answers over the Model Context Protocol: eight tools that read; the package mcp is an extra of this one."""
