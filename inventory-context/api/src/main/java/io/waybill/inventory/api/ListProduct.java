package io.waybill.inventory.api;

import io.waybill.kernel.InvalidValueException;
import io.waybill.kernel.Money;
import io.waybill.kernel.Sku;

/** Offer this product under this name at this price; repeated, it renames or reprices. */
public record ListProduct(Sku sku, String name, Money price) implements ProductCommand {

    private static final int LONGEST_NAME = 200;

    public ListProduct {
        name = name.strip();
        int length = name.codePointCount(0, name.length());
        if (length < 1 || length > LONGEST_NAME || !name.codePoints().allMatch(ListProduct::isPrintable)) {
            throw new InvalidValueException("a name is 1 to " + LONGEST_NAME + " printable characters");
        }
    }

    private static boolean isPrintable(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
