/** How a context stays connected to its database. */
@NullMarked
package io.waybill.messaging.database;

import org.jspecify.annotations.NullMarked;
