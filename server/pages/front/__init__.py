"""The pages that belong to no thing: the start, the guides, what this is, and addresses that lead nowhere."""
