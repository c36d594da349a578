"""Computes and publishes the KPIs of dates."""
