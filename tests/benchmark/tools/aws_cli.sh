#!/usr/bin/env bash
# The same job with the AWS CLI. Told in the environment: JOB (attach or detach), DATABASE, CLIENT_GROUPS (names, one
# for each function or one for all) and FUNCTIONS (names). AWS is the program. Safe to run again.
set -euo pipefail

read -r -a functions <<<"$FUNCTIONS"
read -r -a names <<<"$CLIENT_GROUPS"

IFS=$'\t' read -r vpc port <<<"$("$AWS" rds describe-db-instances --db-instance-identifier "$DATABASE" --output text \
  --query 'DBInstances[0].[DBSubnetGroup.VpcId, Endpoint.Port]')"
subnets=$("$AWS" rds describe-db-instances --db-instance-identifier "$DATABASE" --output text \
  --query 'DBInstances[0].DBSubnetGroup.Subnets[].SubnetIdentifier')
databases=$("$AWS" rds describe-db-instances --db-instance-identifier "$DATABASE" --output text \
  --query 'DBInstances[0].VpcSecurityGroups[].VpcSecurityGroupId')

declare -A id worn
while IFS=$'\t' read -r name group; do
  id[$name]=$group
done < <("$AWS" ec2 describe-security-groups --filters "Name=vpc-id,Values=$vpc" --output text \
  --query 'SecurityGroups[].[GroupName, GroupId]')
while IFS=$'\t' read -r name groups; do
  worn[$name]=$groups
done < <("$AWS" lambda list-functions --output text \
  --query 'Functions[].[FunctionName, join(`,`, VpcConfig.SecurityGroupIds || `[]`)]')

# The rules of one port to or from the groups named.
permission() {
  local pairs
  pairs=$(printf '{GroupId=%s},' "$@")
  echo "IpProtocol=tcp,FromPort=$port,ToPort=$port,UserIdGroupPairs=[${pairs%,}]"
}

# Those of the client groups that a group lets in, or with -v that it does not: let_in_by GROUP [-v]
let_in_by() {
  local group=$1 peers
  peers=$("$AWS" ec2 describe-security-groups --group-ids "$group" --output text \
    --query 'SecurityGroups[0].IpPermissions[].UserIdGroupPairs[].GroupId' | tr '\t' '\n')
  printf '%s\n' "${clients[@]}" | grep "${@:2}" -x -F -f <(echo "$peers") || true
}

configure() {
  "$AWS" lambda update-function-configuration --function-name "$1" --vpc-config "$2" >/dev/null
  "$AWS" lambda wait function-updated-v2 --function-name "$1"
}

attach() {
  local name group missing function place=0 client
  clients=()
  for name in "${names[@]}"; do
    if [[ -z ${id[$name]:-} ]]; then
      id[$name]=$("$AWS" ec2 create-security-group --group-name "$name" --description "To $DATABASE" \
        --vpc-id "$vpc" --query GroupId --output text)
      # shellcheck disable=SC2086
      "$AWS" ec2 authorize-security-group-egress --group-id "${id[$name]}" \
        --ip-permissions "$(permission $databases)" >/dev/null
      "$AWS" ec2 revoke-security-group-egress --group-id "${id[$name]}" \
        --ip-permissions 'IpProtocol=-1,IpRanges=[{CidrIp=0.0.0.0/0}]' >/dev/null
    fi
    clients+=("${id[$name]}")
  done
  for group in $databases; do
    missing=$(let_in_by "$group" -v)
    if [[ -n $missing ]]; then
      # shellcheck disable=SC2086
      "$AWS" ec2 authorize-security-group-ingress --group-id "$group" --ip-permissions "$(permission $missing)" >/dev/null
    fi
  done
  for function in "${functions[@]}"; do
    client=${clients[place]}
    [[ ${#clients[@]} -eq 1 ]] || place=$((place + 1))
    [[ ${worn[$function]} == "$client" ]] ||
      configure "$function" "SubnetIds=[$(tr '\t' ',' <<<"$subnets")],SecurityGroupIds=[$client]"
  done
}

detach() {
  local name group present function
  clients=()
  for name in "${names[@]}"; do
    [[ -z ${id[$name]:-} ]] || clients+=("${id[$name]}")
  done
  for group in $databases; do
    present=$(let_in_by "$group")
    if [[ -n $present ]]; then
      # shellcheck disable=SC2086
      "$AWS" ec2 revoke-security-group-ingress --group-id "$group" --ip-permissions "$(permission $present)" >/dev/null
    fi
  done
  for function in "${functions[@]}"; do
    [[ -z ${worn[$function]} || ${worn[$function]} == None ]] ||
      configure "$function" 'SubnetIds=[],SecurityGroupIds=[]'
  done
  for group in "${clients[@]}"; do
    "$AWS" ec2 delete-security-group --group-id "$group" >/dev/null
  done
}

"$JOB"
