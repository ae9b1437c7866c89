"""What an exercise is: the catalogue with its weights and their sources, and how a logged name finds its entry."""

from hipdrive.catalogue.catalogue import Catalogue, build_catalogue, catalogue_text, load_catalogue, load_exercises
from hipdrive.catalogue.resolver import Match, Resolution, Resolver, nearest_keys

__all__ = [
    "Catalogue",
    "Match",
    "Resolution",
    "Resolver",
    "build_catalogue",
    "catalogue_text",
    "load_catalogue",
    "load_exercises",
    "nearest_keys",
]
