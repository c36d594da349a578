"""What a Glue job finds as `awsglue` on AWS, as far as this project's jobs use it."""
