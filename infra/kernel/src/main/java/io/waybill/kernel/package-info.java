/**
 * The few values and ids that cross the border between contexts, what makes a record a message, and what all must read
 * alike.
 */
@NullMarked
package io.waybill.kernel;

import org.jspecify.annotations.NullMarked;
