"""The answer sheet: what the registers say of a group or an area, what they do not, and what nobody knows."""
