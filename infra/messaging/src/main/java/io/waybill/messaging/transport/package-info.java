/** How events and commands travel between contexts: CloudEvents over AMQP, confirmed by the broker, taken in once. */
@NullMarked
package io.waybill.messaging.transport;

import org.jspecify.annotations.NullMarked;
