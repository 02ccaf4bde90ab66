/** Zipkin beside Waybill, for those who want to see traces without installing anything. */
@NullMarked
package io.waybill.standalone.traces;

import org.jspecify.annotations.NullMarked;
