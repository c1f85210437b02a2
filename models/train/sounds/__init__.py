"""Sounds made from nothing, as varied as we can: the training's main food."""

from .scenes import equipment, equalize, room, scene
from .signals import level, log_uniform

__all__ = ["equalize", "equipment", "level", "log_uniform", "room", "scene"]
