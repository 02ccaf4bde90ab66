/** The few values and ids that cross the border between contexts, and what makes a record a message. */
@NullMarked
package io.waybill.kernel;

import org.jspecify.annotations.NullMarked;
