"""Template tags of the page framework; they show values and decide nothing."""

from django import template

register = template.Library()
