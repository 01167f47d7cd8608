import { PrismaAdapter } from "@auth/prisma-adapter";
import { PrismaPg } from "@prisma/adapter-pg";
import { declare } from "../helpers/application.mjs";
import { generateClient } from "../helpers/prisma-client.mjs";

const types = {
  varchar: (name) => `${name} String?`,
  boolean: (name) => `${name} Boolean @default(true)`,
  timestamp: (name) => `${name} DateTime?`,
};

/** The models that Auth.js documents for Prisma. */
const models = (custom) => `
model User {
  id            String          @id @default(cuid())
  name          String?
  email         String          @unique
  emailVerified DateTime?
  image         String?
  accounts      Account[]
  sessions      Session[]
  Authenticator Authenticator[]
  createdAt     DateTime        @default(now())
  updatedAt     DateTime        @updatedAt
  ${Object.values(declare(custom, types)).join("\n  ")}
}

model Account {
  userId            String
  type              String
  provider          String
  providerAccountId String
  refresh_token     String?
  access_token      String?
  expires_at        Int?
  token_type        String?
  scope             String?
  id_token          String?
  session_state     String?
  createdAt         DateTime @default(now())
  updatedAt         DateTime @updatedAt
  user              User     @relation(fields: [userId], references: [id], onDelete: Cascade)
  @@id([provider, providerAccountId])
}

model Session {
  sessionToken String   @unique
  userId       String
  expires      DateTime
  user         User     @relation(fields: [userId], references: [id], onDelete: Cascade)
  createdAt    DateTime @default(now())
  updatedAt    DateTime @updatedAt
}

model VerificationToken {
  identifier String
  token      String
  expires    DateTime
  @@id([identifier, token])
}

model Authenticator {
  credentialID         String  @unique
  userId               String
  providerAccountId    String
  credentialPublicKey  String
  counter              Int
  credentialDeviceType String
  credentialBackedUp   Boolean
  transports           String?
  user                 User    @relation(fields: [userId], references: [id], onDelete: Cascade)
  @@id([userId, credentialID])
}
`;

/** A client of these models, and how to close it; the client is made anew for each. */
export async function connectPrisma(app, schema, custom) {
  const { PrismaClient, remove } = await generateClient(models(custom));
  const prisma = new PrismaClient({ adapter: new PrismaPg({ ...app, max: 2 }, { schema }) });
  const close = async () => {
    await prisma.$disconnect();
    await remove();
  };
  return { prisma, close };
}

export default {
  schema: "nextauth_prisma",
  ids: ["text"],
  node: 20,
  async open(app, custom) {
    const { prisma, close } = await connectPrisma(app, this.schema, custom);
    return { adapter: PrismaAdapter(prisma), close };
  },
};
