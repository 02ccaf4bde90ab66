/** Who waits for a read model is told when it has moved, in whichever process of the context that happened. */
@NullMarked
package io.waybill.messaging.waiting;

import org.jspecify.annotations.NullMarked;
