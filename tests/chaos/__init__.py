"""Labs in a world where anything may die at any instant; what must hold after each fault."""
