/**
 * How events of the stream reach their handlers: in order, in batches, by one owner, and parked where they keep
 * failing.
 */
@NullMarked
package io.waybill.messaging.processing;

import org.jspecify.annotations.NullMarked;
