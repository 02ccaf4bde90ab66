package io.waybill.messaging.sample;

import io.waybill.kernel.Command;

/** What the context of parcels can be asked to do. */
public sealed interface ParcelCommand extends Command {

    record PackParcel(String parcel, String shelf) implements ParcelCommand {

        @Override
        public String target() {
            return parcel;
        }

        @Override
        public String partitionKey() {
            return shelf;
        }
    }
}
