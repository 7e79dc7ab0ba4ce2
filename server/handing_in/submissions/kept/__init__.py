"""A submission as it is kept, decided on and shown: the database's rows, its states, what people say of it."""
