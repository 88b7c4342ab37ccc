"""What is said of a model: threats, rules, and the security group that lays one upon the other."""
