/** Real PostgreSQL, Redis and AMQP servers that run beside one JVM, keep their data in a folder and outlive a crash. */
@NullMarked
package io.waybill.embedded;

import org.jspecify.annotations.NullMarked;
