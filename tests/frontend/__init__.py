"""The look of the house: forms, components, pages about signing in, what the browser is sent."""
