/** A durable queue of work that must happen outside any transaction, such as calls to partners. */
@NullMarked
package io.waybill.messaging.tasks;

import org.jspecify.annotations.NullMarked;
