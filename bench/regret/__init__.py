"""Regret of the searchers against dollars, on problems whose optimum is known or well bounded."""
