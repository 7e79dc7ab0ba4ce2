"""The adapter that serves the Flask application over ASGI: kept answers, bounded bodies, visibly broken transfers."""
