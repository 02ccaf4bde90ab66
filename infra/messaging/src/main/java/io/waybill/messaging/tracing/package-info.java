/** One trace per order: what is done for it, in whichever process and however much later, as spans of one tree. */
@NullMarked
package io.waybill.messaging.tracing;

import org.jspecify.annotations.NullMarked;
