/*-------------------------------------------------------------------------
 *
 * methods.h
 *	  What the methods of an adapter share
 *
 *-------------------------------------------------------------------------
 */
#ifndef METHODS_H
#define METHODS_H

#include "catalog/nextauth_catalog.h"

#endif							/* METHODS_H */
