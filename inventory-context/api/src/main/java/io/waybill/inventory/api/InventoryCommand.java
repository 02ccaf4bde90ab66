package io.waybill.inventory.api;

import io.waybill.kernel.Command;

/** Everything the inventory context can be asked to do. */
public sealed interface InventoryCommand extends Command permits ProductCommand, ReservationCommand {}
