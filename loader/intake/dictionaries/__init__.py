"""Lists of variables in the formats of other systems, read as sheets: REDCap, DDI Codebook, Frictionless, YAML."""
