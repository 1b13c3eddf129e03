#!/bin/sh
# Run once, by the image of MariaDB, on an empty data folder. Every service makes a database of its own, so the account of all
# may do that; in production give each service an account for its own database instead.
mariadb --protocol=socket --user=root --password="$MARIADB_ROOT_PASSWORD" <<SQL
CREATE USER 'parley'@'%' IDENTIFIED BY '$PARLEY_STACK_MYSQL_PASSWORD';
GRANT ALL PRIVILEGES ON *.* TO 'parley'@'%';
SQL
