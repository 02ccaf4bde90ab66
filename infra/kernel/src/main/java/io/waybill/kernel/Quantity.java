package io.waybill.kernel;

/** How many pieces of a product: 1 to 100,000. */
public record Quantity(int value) implements Comparable<Quantity> {

    public static final int MAX = 100_000;

    public Quantity {
        if (value < 1 || value > MAX) {
            throw new InvalidValueException("a quantity is a whole number from 1 to " + MAX);
        }
    }

    public static Quantity of(int value) {
        return new Quantity(value);
    }

    @Override
    public int compareTo(Quantity other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
