# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Engine families, and the port that a proxy listens on for each. PRIVATE to the collection.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBProxy.html (EngineFamily),
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html
"""

from __future__ import annotations

from typing import Optional

MYSQL = "MYSQL"
POSTGRESQL = "POSTGRESQL"
SQLSERVER = "SQLSERVER"

# Fixed, whatever the port of the database.
LISTENER_PORTS = {MYSQL: 3306, POSTGRESQL: 5432, SQLSERVER: 1433}

_FAMILIES = {
    "aurora-mysql": MYSQL,
    "mariadb": MYSQL,
    "mysql": MYSQL,
    "aurora-postgresql": POSTGRESQL,
    "postgres": POSTGRESQL,
}


def engine_family(engine: str) -> Optional[str]:
    """The family of a database's engine; None where RDS Proxy does not support the engine."""
    return SQLSERVER if engine.startswith("sqlserver-") else _FAMILIES.get(engine)
