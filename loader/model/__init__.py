"""Names and layouts: IRIs, code lists, the columns of tables."""
