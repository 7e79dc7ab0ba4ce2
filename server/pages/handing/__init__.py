"""/sign-in and /hand-in: what holders and stewards do by a browser, on the functions of `server/handing_in`."""
