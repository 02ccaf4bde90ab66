/** The API's documents as one, and a page to browse it. */
@NullMarked
package io.waybill.gateway.docs;

import org.jspecify.annotations.NullMarked;
