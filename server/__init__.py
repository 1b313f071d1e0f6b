"""OpenAI-compatible API, chat page, lab pages and job API."""
