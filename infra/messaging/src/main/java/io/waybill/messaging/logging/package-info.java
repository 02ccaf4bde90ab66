/** What a line of the log says beside its message: which order it is about. */
@NullMarked
package io.waybill.messaging.logging;

import org.jspecify.annotations.NullMarked;
