"""Makes the table equal to the published KPIs."""
