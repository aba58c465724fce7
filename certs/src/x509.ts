/** @peculiar/x509, which finds its parts through decorators, after what it needs for that: in this order or not at all. */
import "reflect-metadata";
export * from "@peculiar/x509";
