/** What a context needs to keep, tell and hear events, and to send and take commands: Axon on PostgreSQL and AMQP. */
@NullMarked
package io.waybill.messaging;

import org.jspecify.annotations.NullMarked;
