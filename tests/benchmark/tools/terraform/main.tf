# The same job with Terraform, which has to own the functions: they are imported before anything is measured.
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  skip_metadata_api_check = true
}

variable "database" { type = string }
variable "functions" { type = list(string) }
variable "scope" { type = string }
variable "enabled" { type = bool }

locals {
  groups  = var.scope == "database" ? ["${var.database}-lambda-clients"] : [for name in var.functions : "${name}-lambda-sg"]
  clients = var.enabled ? toset(local.groups) : toset([])
  worn    = { for name in var.functions : name => var.scope == "database" ? local.groups[0] : "${name}-lambda-sg" }
  rules = {
    for pair in setproduct(local.clients, data.aws_db_instance.database.vpc_security_groups) :
    join(" ", pair) => { client = pair[0], database = pair[1] }
  }
}

data "aws_db_instance" "database" {
  db_instance_identifier = var.database
}

data "aws_db_subnet_group" "database" {
  name = data.aws_db_instance.database.db_subnet_group
}

import {
  for_each = toset(var.functions)
  to       = aws_lambda_function.function[each.key]
  id       = each.key
}

data "aws_lambda_function" "function" {
  for_each      = toset(var.functions)
  function_name = each.key
}

resource "aws_lambda_function" "function" {
  for_each      = toset(var.functions)
  function_name = each.key
  role          = data.aws_lambda_function.function[each.key].role
  handler       = data.aws_lambda_function.function[each.key].handler
  runtime       = data.aws_lambda_function.function[each.key].runtime
  memory_size   = data.aws_lambda_function.function[each.key].memory_size
  timeout       = data.aws_lambda_function.function[each.key].timeout
  filename      = "unchanged.zip"

  vpc_config {
    subnet_ids         = var.enabled ? data.aws_db_subnet_group.database.subnet_ids : []
    security_group_ids = var.enabled ? [aws_security_group.client[local.worn[each.key]].id] : []
  }

  lifecycle {
    ignore_changes = [filename, source_code_hash, publish]
  }
}

# Without a rule of its own: Terraform takes AWS's allow-all egress away.
resource "aws_security_group" "client" {
  for_each    = local.clients
  name        = each.key
  description = "To ${var.database}"
  vpc_id      = data.aws_db_subnet_group.database.vpc_id

  # Deleted after the functions are out of it, not before.
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_egress_rule" "client" {
  for_each                     = local.rules
  security_group_id            = aws_security_group.client[each.value.client].id
  referenced_security_group_id = each.value.database
  ip_protocol                  = "tcp"
  from_port                    = data.aws_db_instance.database.port
  to_port                      = data.aws_db_instance.database.port
}

resource "aws_vpc_security_group_ingress_rule" "database" {
  for_each                     = local.rules
  security_group_id            = each.value.database
  referenced_security_group_id = aws_security_group.client[each.value.client].id
  ip_protocol                  = "tcp"
  from_port                    = data.aws_db_instance.database.port
  to_port                      = data.aws_db_instance.database.port
}
