package io.waybill.standalone;

import io.waybill.embedded.AmqpServer;
import io.waybill.embedded.PostgresServer;
import io.waybill.embedded.RedisServer;

/** The three servers that the applications need, as they find them. */
record Servers(PostgresServer postgres, AmqpServer amqp, RedisServer redis) {}
